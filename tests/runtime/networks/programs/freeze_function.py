from mindspore import nn


def freeze(model, keep=("fc",)):
    for p in model.get_parameters():
        if not any(k in p.name for k in keep):
            p.requires_grad = False


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 3, has_bias=True)
        self.fc = nn.Dense(2, 2)
        self.set_train()


net = Net()
freeze(net)
net.set_train(True)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
