from mindspore import nn


def tower(width):
    return nn.SequentialCell(nn.Dense(8, width), nn.ReLU(), nn.Dense(width, 2))


net = nn.CellList([tower(4), tower(5)])
optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
