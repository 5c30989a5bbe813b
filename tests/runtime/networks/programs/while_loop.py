from mindspore import nn


class Net(nn.Cell):
    def __init__(self, n):
        super().__init__()
        layers = []
        while n > 1:
            layers.append(nn.Dense(n, n // 2))
            n = n // 2
        self.layers = nn.SequentialCell(layers)


net = Net(8)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
