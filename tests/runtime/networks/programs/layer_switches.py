import mindspore as ms
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.a = nn.BatchNorm2d(2, affine=False)
        self.b = nn.GroupNorm(1, 2, affine=False)
        self.c = nn.InstanceNorm2d(2, affine=False)
        self.d = nn.Conv2dTranspose(1, 1, 3, has_bias=True)
        self.e = nn.Dense(1, 1, activation="relu")
        self.f = nn.Dense(1, 1, activation=nn.PReLU())
        self.g = nn.PReLU(channel=2)
        self.h = nn.Conv2dBnAct(1, 1, 3, has_bn=True, activation="relu")
        self.i = nn.MultiheadAttention(4, 2)
        self.j = nn.BatchNorm2d(2, use_batch_statistics=True)
        self.k = nn.BiDense(1, 2, 3)
        self.l = nn.Embedding(2, 3)
        self.m = nn.Identity()
        self.n = ms.mint.nn.LayerNorm(3)
        self.o = ms.mint.nn.Linear(2, 3, bias=False)
        self.p = ms.mint.nn.Conv2d(1, 2, 3)
        self.q = ms.mint.nn.BatchNorm2d(2)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
