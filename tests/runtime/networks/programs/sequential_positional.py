from mindspore import nn

net = nn.SequentialCell(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Conv2d(2, 2, 3, has_bias=True))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
