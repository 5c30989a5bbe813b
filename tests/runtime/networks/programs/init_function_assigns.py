from mindspore import Parameter, nn
from mindspore.common.initializer import initializer


def init_weights(net):
    for _, cell in net.cells_and_names():
        if isinstance(cell, nn.Dense):
            cell.weight = Parameter(initializer("normal", cell.weight.shape), name="replaced")


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(2, 2)
        self.out = nn.Dense(2, 2)


net = Net()
init_weights(net)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
