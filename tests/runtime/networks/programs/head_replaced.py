from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3)
        self.fc = nn.Dense(3, 3)


def build(pretrained):
    net = Net()
    if pretrained:
        print("weights are loaded")
    return net


net = build(False)
net.fc = nn.SequentialCell(nn.Dense(3, 10), nn.Dense(10, 2))

optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
