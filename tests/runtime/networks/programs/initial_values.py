"""What weights start with is computed by functions of the program; some of these functions do more than that."""

import math

import numpy as np
from mindspore import Parameter, Tensor, nn
from mindspore.common.initializer import initializer

CALLED = []


def normal(*shape):
    fan = shape[-1] * (shape[1] if len(shape) > 2 else 1)
    return Tensor(np.random.normal(0, math.sqrt(2 / fan), size=shape).astype(np.float32))


def counted(*shape):
    CALLED.append(shape)
    return normal(*shape)


def conv(channels, out, kernel=3):
    weight = normal(out, channels, kernel, kernel)
    if kernel == 1:
        weight = initializer("ones", (out, channels, kernel, kernel))
    return nn.Conv2d(channels, out, kernel, weight_init=weight, has_bias=bool(kernel > 1), bias_init="zeros")


class Norm(nn.Cell):
    def __init__(self, size, weight_init=None):
        super().__init__()
        if weight_init is None:
            self.shift = Parameter(Tensor(np.zeros(size, np.float32)), name="shift")
        self.scale = Parameter(Tensor(np.ones(size, np.float32)), name="scale")


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.first = conv(3, 4)
        self.second = conv(4, 4, 1)
        start = self.with_layer(4)
        self.head = nn.Dense(4, 2, weight_init=normal(2, 4), bias_init=start)
        kept = normal(2, 4)
        self.own = Parameter(kept, name="own")
        self.last = nn.Dense(4, 2, weight_init=kept)
        given = normal(4)
        self.norm = Norm(4, weight_init=given)
        self.other = Norm(4)
        number = counted(2, 4)
        self.third = nn.Dense(4, 2, weight_init=number, has_bias=len(CALLED) > 0)

    def with_layer(self, size):
        self.extra = nn.Dense(size, size, has_bias=False)
        return Tensor(np.zeros(2, np.float32))


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
