from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 3, has_bias=True)
        self.fc = nn.Dense(2, 2)
        for p in self.conv.get_parameters():
            p.requires_grad = False


net = Net()
for p in net.get_parameters():
    p.requires_grad = "weight" in p.name
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
