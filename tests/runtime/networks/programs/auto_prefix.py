from mindspore import nn


class Inner(nn.Cell):
    def __init__(self):
        super().__init__(auto_prefix=False)
        self.fc = nn.Dense(2, 2)
        self.seq = nn.SequentialCell(nn.Dense(1, 1))


class Net(nn.Cell):
    def __init__(self):
        super(Net, self).__init__(auto_prefix=False)
        self.inner = Inner()
        self.other = nn.Dense(2, 2)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
