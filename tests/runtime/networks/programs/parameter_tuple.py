import numpy as np

import mindspore as ms
from mindspore import Parameter, ParameterTuple, Tensor, nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.weights = ParameterTuple([Parameter(Tensor(np.ones((2, 2)), ms.float32), name=f"w{i}") for i in range(3)])
        self.single = Parameter(Tensor(np.ones((2,)), ms.float32), name="custom_name")
        self.plain = Parameter(Tensor(np.ones((2,)), ms.float32))
        self.fixed = Parameter(Tensor(np.ones((2,)), ms.float32), requires_grad=False)
        self.listed = [Parameter(Tensor(np.ones((2,)), ms.float32), name="listed")]


class Outer(nn.Cell):
    def __init__(self):
        super().__init__()
        self.inner = Net()
        self.scale = Parameter(Tensor(1.0, ms.float32), name="temperature")


net = Outer()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
