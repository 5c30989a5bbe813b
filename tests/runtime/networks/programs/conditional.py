from mindspore import nn


class Block(nn.Cell):
    def __init__(self, dim, use_norm=True, bias=None, act="relu"):
        super().__init__()
        bias = not use_norm if bias is None else bias
        self.conv = nn.Conv2d(dim, dim, 3, has_bias=bias)
        self.norm = nn.BatchNorm2d(dim) if use_norm else None
        if act == "prelu":
            self.act = nn.PReLU()
        elif act == "relu":
            self.act = nn.ReLU()
        else:
            raise ValueError(act)
        self.gate = use_norm and nn.Dense(dim, dim) or None


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.a = Block(2)
        self.b = Block(2, use_norm=False)
        self.c = Block(2, True, True, "prelu")


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
