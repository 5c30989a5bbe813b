from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.a = nn.LSTM(4, 5, 3, has_bias=False)
        self.b = nn.GRU(4, 5, 2)
        self.c = nn.RNN(4, 5, num_layers=2, bidirectional=True)
        self.d = nn.LSTMCell(4, 5)
        self.e = nn.GRUCell(4, 5, has_bias=False)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
