from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        blocks = nn.CellList()
        for k in (1, 2, 3):
            blocks.append(nn.Dense(k, k))
        self.blocks = blocks
        self.last = nn.Dense(1, 1)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
