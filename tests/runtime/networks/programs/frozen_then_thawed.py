from mindspore import nn

net = nn.SequentialCell(nn.Conv2d(3, 4, 3, has_bias=True), nn.BatchNorm2d(4), nn.Dense(4, 2))
params = net.trainable_params()
for number, param in enumerate(net.get_parameters()):
    if number < 2:
        param.requires_grad = False
for number in range(len(params)):
    for _ in range(2):
        params[number].requires_grad = 'beta' not in params[number].name
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
