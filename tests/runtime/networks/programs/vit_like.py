import numpy as np

import mindspore as ms
from mindspore import Parameter, Tensor, nn
from mindspore.common.initializer import initializer


class PatchEmbed(nn.Cell):
    def __init__(self, size, patch, dim):
        super().__init__()
        self.count = (size // patch) ** 2
        self.proj = nn.Conv2d(3, dim, patch, patch, pad_mode="valid", has_bias=True)


class DropPath(nn.Cell):
    def __init__(self, p):
        super().__init__()
        self.p = p


class Block(nn.Cell):
    def __init__(self, dim, drop_path=0.0, init_values=None, norm=nn.LayerNorm):
        super().__init__()
        self.norm1 = norm((dim,))
        self.attn = nn.MultiheadAttention(dim, 2)
        if init_values is not None:
            self.gamma_1 = Parameter(Tensor(init_values * np.ones(dim), ms.float32), name="gamma_1")
        self.drop_path = DropPath(drop_path) if drop_path > 0.0 else nn.Identity()


class ViT(nn.Cell):
    def __init__(self, dim=8, depth=4, rate=0.1):
        super().__init__()
        self.patch_embed = PatchEmbed(8, 4, dim)
        self.cls_token = Parameter(initializer("normal", (1, 1, dim)), name="cls", requires_grad=True)
        dpr = [x.item() for x in np.linspace(0, rate, depth)]
        self.blocks = nn.CellList([Block(dim, dpr[i], 0.1 if i % 2 else None) for i in range(depth)])
        self.num_features = self.embed_dim = dim
        self.head = nn.Dense(dim, 10) if dim > 0 else nn.Identity()


net = ViT()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
