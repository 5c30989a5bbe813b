from mindspore import nn

LAYERS = {"dense": nn.Dense, "conv": nn.Conv2d}


class Net(nn.Cell):
    def __init__(self, config):
        super().__init__()
        for number, entry in enumerate(config):
            kind = entry.pop("type")
            setattr(self, f"l{number}", LAYERS[kind](**entry))
        norm = getattr(nn, "BatchNorm2d")
        self.norm = norm(3)
        layer = {"a": lambda: nn.Dense(1, 1), "b": lambda: nn.Dense(1, 1, has_bias=False)}["b"]
        self.chosen = layer()


net = Net(
    [
        dict(type="dense", in_channels=1, out_channels=2),
        dict(type="conv", in_channels=1, out_channels=2, kernel_size=3, has_bias=True),
    ]
)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
