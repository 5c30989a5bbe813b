from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.a = nn.CellList()
        self.a.append(nn.Dense(1, 1))
        self.a.extend([nn.Dense(1, 1), nn.Dense(2, 2)])
        self.b = nn.CellList([nn.Dense(3, 3)])
        self.b.extend([nn.Dense(1, 1), nn.Dense(2, 2)])
        self.c = nn.CellList([nn.Dense(3, 3), nn.Dense(2, 2)], auto_prefix=False)
        self.b[1] = nn.Conv2d(1, 1, 1)
        self.d = nn.CellList([nn.Dense(3, 3)])
        self.d += [nn.Dense(3, 4)]


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
