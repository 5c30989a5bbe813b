import numpy as np

import mindspore as ms
from mindspore import Parameter, Tensor, nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.body = nn.SequentialCell(nn.Dense(2, 2))
        self.head = nn.Dense(2, 2)


class Body(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(1, 1)


net = Net()
net.extra = Body()
net.extra.late = nn.Dense(3, 3)
net.extra.fc.scale = Parameter(Tensor(np.ones(2), ms.float32), name="scale")
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
