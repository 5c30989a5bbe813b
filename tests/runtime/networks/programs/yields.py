from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.layers = nn.CellList(list(self.make(3)))

    def make(self, n):
        for i in range(n):
            yield nn.Dense(i + 1, i + 1)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
