from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.d = nn.CellDict({"conv": nn.Conv2d(1, 1, 1), "fc": nn.Dense(1, 1)})
        self.d["more"] = nn.Dense(2, 2)
        self.e = nn.CellDict([("x", nn.Dense(1, 1))])
        self.e.update({"y": nn.Dense(1, 1, has_bias=False)})


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
