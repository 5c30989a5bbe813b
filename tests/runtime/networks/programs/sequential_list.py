from mindspore import nn

layers = []
for i, width in enumerate([8, 16, 32]):
    layers.append(nn.Dense(width, width * 2))
    if i < 2:
        layers.append(nn.ReLU())
net = nn.SequentialCell(layers)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
