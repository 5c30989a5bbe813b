from mindspore import nn


class Wrapper(nn.Cell):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner


inner = nn.Dense(4, 2)
names = [param.name for param in inner.trainable_params()]
net = Wrapper(Wrapper(inner))
names = [param.name for param in net.trainable_params()]
optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
