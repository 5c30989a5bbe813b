from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.features = nn.SequentialCell([nn.Dense(2, 2), nn.Dense(2, 2)])
        self.features.append(nn.Dense(2, 2, has_bias=False))
        self.rest = nn.SequentialCell()
        for _ in range(3):
            self.rest.append(nn.Dense(3, 3))
        self.one = nn.SequentialCell([nn.SequentialCell([nn.Dense(2, 2)])])
        self.one.append(nn.Dense(2, 2))


net = Net()
net.features.append(nn.Dense(4, 4))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
