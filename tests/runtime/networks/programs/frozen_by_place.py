from mindspore import nn

net = nn.SequentialCell(nn.Conv2d(3, 4, 3, has_bias=True), nn.BatchNorm2d(4), nn.Dense(4, 2))
for number, param in enumerate(net.get_parameters()):
    if number < 2:
        param.requires_grad = False
params = net.trainable_params()
for number in range(len(params)):
    params[number].requires_grad = "beta" not in params[number].name
optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
