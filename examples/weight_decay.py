"""No weight decay for biases and norms: the groups overlap, and their order is given for one of them only."""
from mindspore import nn

NO_DECAY = ("bias", "gamma", "beta")


class Block(nn.Cell):
    def __init__(self, width):
        super().__init__()
        self.dense = nn.Dense(width, width)
        self.norm = nn.LayerNorm((width,))

    def construct(self, x):
        return x + self.norm(self.dense(x))


def split(net):
    decay, no_decay = [], []
    for param in net.trainable_params():
        if any(word in param.name for word in NO_DECAY):
            no_decay.append(param)
        else:
            decay.append(param)
    return decay, no_decay


def overlapping(net):
    _, no_decay = split(net)
    # All parameters, where those that are left were meant.
    groups = [
        {"params": no_decay, "weight_decay": 0.0},
        {"params": net.trainable_params(), "weight_decay": 0.01},
    ]
    return nn.AdamWeightDecay(groups, learning_rate=1e-3)


def half_an_order(net):
    decay, no_decay = split(net)
    # order_params names every grouped parameter, or construction fails.
    groups = [
        {"params": decay, "weight_decay": 0.01},
        {"params": no_decay, "weight_decay": 0.0},
        {"order_params": decay},
    ]
    return nn.AdamWeightDecay(groups, learning_rate=1e-3)


def right(net):
    decay, no_decay = split(net)
    groups = [
        {"params": decay, "weight_decay": 0.01},
        {"params": no_decay, "weight_decay": 0.0},
        {"order_params": net.trainable_params()},
    ]
    return nn.AdamWeightDecay(groups, learning_rate=1e-3)


if __name__ == "__main__":
    network = nn.SequentialCell(Block(16), Block(16))
    for build in (right, overlapping, half_an_order):
        build(network)
