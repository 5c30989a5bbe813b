import numpy as np

import mindspore as ms
from mindspore import Parameter, Tensor, nn, ops


class MultiHead(nn.Cell):
    def __init__(self, dim, heads, bias=True):
        super().__init__()
        self.q, self.k, self.v = [nn.Dense(dim, dim, has_bias=bias) for _ in range(3)]
        self.o = nn.Dense(dim, dim)
        self.softmax = ops.Softmax(axis=-1)


class EncoderLayer(nn.Cell):
    def __init__(self, dim, heads, hidden):
        super().__init__()
        self.attention = MultiHead(dim, heads)
        self.norm1 = nn.LayerNorm((dim,))
        self.ffn = nn.SequentialCell(nn.Dense(dim, hidden), nn.GELU(), nn.Dropout(p=0.1), nn.Dense(hidden, dim))
        self.norm2 = nn.LayerNorm([dim])


class Transformer(nn.Cell):
    def __init__(self, vocab, dim=16, layers=4):
        super().__init__()
        self.embedding = nn.Embedding(vocab, dim)
        self.position = Parameter(Tensor(np.zeros((1, 20, dim)), ms.float32), name="pos_embed", requires_grad=False)
        self.layers = nn.CellList([EncoderLayer(dim, 4, dim * 4) for _ in range(layers)])
        self.head = nn.Dense(dim, vocab, has_bias=False)


net = Transformer(50)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
