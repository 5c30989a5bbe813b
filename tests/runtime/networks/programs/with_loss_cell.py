from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(2, 2)


backbone = Net()
net = nn.WithLossCell(backbone, nn.MSELoss())
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
