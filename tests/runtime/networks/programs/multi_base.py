from mindspore import nn


class Mixin:
    def build(self, n):
        return nn.Dense(n, n)


class Net(Mixin, nn.Cell):
    def __init__(self):
        nn.Cell.__init__(self)
        self.fc = self.build(3)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
