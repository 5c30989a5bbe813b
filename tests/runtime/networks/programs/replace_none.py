from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.a = nn.Dense(1, 1)
        self.b = nn.Dense(2, 2)
        self.a = None
        self.c = nn.Dense(3, 3)
        self.a = nn.Dense(4, 4, has_bias=False)


net = Net()
del net.b
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
