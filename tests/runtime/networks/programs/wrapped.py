from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(2, 2)


class WithLoss(nn.Cell):
    def __init__(self, backbone, loss):
        super().__init__(auto_prefix=False)
        self.backbone = backbone
        self.loss = loss


class Renaming(nn.Cell):
    def __init__(self, network):
        super().__init__()
        self.network = network


net = Net()
loss_net = WithLoss(net, nn.MSELoss())
other = Renaming(net)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
