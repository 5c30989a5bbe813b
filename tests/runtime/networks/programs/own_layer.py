import numpy as np

import mindspore as ms
from mindspore import Parameter, Tensor, nn


class ConvBNReLU(nn.SequentialCell):
    def __init__(self, a, b, k=3, norm=nn.BatchNorm2d):
        super().__init__(nn.Conv2d(a, b, k), norm(b), nn.ReLU6())


class MyDense(nn.Dense):
    def __init__(self, a, b):
        super().__init__(a, b, has_bias=False)
        self.scale = Parameter(Tensor(np.ones(b), ms.float32), name="gain")


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.a = ConvBNReLU(1, 2)
        self.b = MyDense(2, 2)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
