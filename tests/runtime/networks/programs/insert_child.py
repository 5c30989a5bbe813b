import numpy as np

import mindspore as ms
from mindspore import Parameter, Tensor, nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        for i in range(3):
            self.insert_child_to_cell("layer{}".format(i), nn.Dense(2, 2))
        self.fc = nn.Dense(2, 2)
        self.insert_param_to_cell("extra", Parameter(Tensor(np.ones(2), ms.float32)))


class Outer(nn.Cell):
    def __init__(self):
        super().__init__()
        self.net = Net()


net = Outer()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
