from mindspore import nn

import os


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(1, 1)
        if os.environ.get("USE_NORM"):
            self.norm = nn.LayerNorm((3,))
        self.out = nn.Dense(1, 1)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
