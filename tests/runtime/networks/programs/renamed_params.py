from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(2, 2)
        self.out = nn.Dense(2, 2)


net = Net()
net.fc.weight.name = "first"
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
