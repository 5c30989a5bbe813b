from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 3, has_bias=True)
        self.bn = nn.BatchNorm2d(1)
        self.fc = nn.Dense(2, 2)
        self.fc.bias.requires_grad = False


net = Net()
for _, cell in net.cells_and_names():
    if isinstance(cell, nn.BatchNorm2d):
        cell.gamma.requires_grad = False
        cell.beta.requires_grad = False
for name, p in net.parameters_and_names():
    if name.startswith("conv"):
        p.requires_grad = False
    elif "fc" in name and "weight" in name:
        p.requires_grad = True
net.conv.weight.requires_grad = True
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
