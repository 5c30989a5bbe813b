from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        try:
            self.norm = nn.RMSNormX(3)
        except AttributeError:
            self.norm = nn.LayerNorm((3,))
        self.fc = nn.Dense(1, 1)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
