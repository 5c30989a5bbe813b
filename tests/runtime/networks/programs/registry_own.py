from mindspore import nn

MODELS = {}


def register(cls):
    MODELS[cls.__name__] = cls
    return cls


@register
class Small(nn.Cell):
    def __init__(self, width=2):
        super().__init__()
        self.fc = nn.Dense(width, width)


@register
class Large(Small):
    def __init__(self, width=4):
        super().__init__(width)
        self.more = nn.Dense(width, 1)


def create_model(name, **kwargs):
    if name not in MODELS:
        raise ValueError(name)
    return MODELS[name](**kwargs)


net = create_model("Large", width=8)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
