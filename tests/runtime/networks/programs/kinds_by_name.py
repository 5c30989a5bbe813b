from mindspore import nn

LAYERS = [("Dense", {"in_channels": 4, "out_channels": 3}), ("BatchNorm1d", {"num_features": 3}), ("ReLU", {})]


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        made = [getattr(nn, name)(**options) for name, options in LAYERS]
        self.body = nn.SequentialCell(*made)
        for number, (name, options) in enumerate(LAYERS[:2]):
            setattr(self, f"{name.lower()}_{number}", getattr(nn, name)(**options))


net = Net()
optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
