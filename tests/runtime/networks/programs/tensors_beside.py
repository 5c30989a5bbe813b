import numpy as np
from mindspore import Parameter, Tensor, nn, ops


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        table = ops.zeros((6, 4))
        table[:, 0::2] = ops.sin(ops.arange(0, 2).astype("float32"))
        self.table = table.unsqueeze(0)
        self.mask = Tensor(np.ones((1, 4), np.float32)).reshape((4,))
        self.scale = Parameter(Tensor(np.ones((4,), np.float32)), name="scale")
        self.fc = nn.Dense(4, 2)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
