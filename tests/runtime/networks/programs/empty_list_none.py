from mindspore import nn


class Net(nn.Cell):
    def __init__(self, n=0):
        super().__init__()
        self.layers = nn.CellList([nn.Dense(1, 1) for _ in range(n)])
        self.extra = nn.SequentialCell([])
        self.fc = nn.Dense(2, 2)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
