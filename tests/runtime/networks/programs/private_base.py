from mindspore import nn
from mindspore.nn.layer.rnn_cells import RNNCellBase


class Cell(RNNCellBase):
    def __init__(self, input_size, hidden_size, has_bias=True):
        super().__init__(input_size, hidden_size, has_bias, num_chunks=3)


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.rnn = Cell(4, 3)
        self.plain = Cell(3, 3, False)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
