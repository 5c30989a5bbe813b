from mindspore import Parameter, nn
from mindspore.common.initializer import initializer


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(initializer("normal", (2, 2)), name="my_weight")
        self.b = Parameter(initializer("zeros", (2,)), "my_bias", False)
        self.bn = nn.BatchNorm1d(2)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
