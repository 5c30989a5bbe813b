from mindspore import nn


def towers():
    return nn.Dense(4, 2), nn.SequentialCell(nn.Dense(4, 2))


class Pair(nn.Cell):
    def __init__(self, left, right):
        super().__init__()
        self.left, self.right = left, right


left, right = towers()
net = Pair(left, right)
optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
