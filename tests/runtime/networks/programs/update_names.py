import numpy as np

import mindspore as ms
from mindspore import Parameter, Tensor, nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(2, 2)
        self.w = Parameter(Tensor(np.ones(2), ms.float32), name="ww")


net = Net()
net.update_parameters_name("student.")
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
