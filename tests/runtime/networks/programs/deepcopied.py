from mindspore import nn

import copy


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        layer = nn.SequentialCell(nn.Dense(2, 2), nn.LayerNorm((2,)))
        self.layers = nn.CellList([copy.deepcopy(layer) for _ in range(2)])
        self.first = layer


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
