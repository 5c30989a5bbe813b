from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.backbone = nn.SequentialCell(nn.Conv2d(1, 1, 3), nn.BatchNorm2d(1))
        self.head = nn.Dense(2, 2)


net = Net()
for param in net.backbone.get_parameters():
    param.requires_grad = False
for p in net.trainable_params():
    if "bias" in p.name:
        p.requires_grad = False
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
