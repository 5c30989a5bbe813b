from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.width = 2
        self.layer1 = self.make(2)
        self.width = 4
        self.layer2 = self.make(4)
        self.layer3 = self.make(4)

    def make(self, out):
        layers = [nn.Dense(self.width, out, has_bias=self.width == out)]
        if self.width != 2:
            layers.append(nn.LayerNorm((out,)))
        return nn.SequentialCell(layers)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
