from mindspore import nn

FUNCTIONS = {}
CLASSES = {}


def register(function):
    FUNCTIONS[function.__name__] = function
    return function


def register_class(cls):
    CLASSES[cls.__name__] = cls
    return cls


@register
def small(width=2):
    return nn.Dense(4, width)


@register_class
class Large(nn.Cell):
    def __init__(self, depth=(1,)):
        super().__init__()
        self.blocks = nn.SequentialCell([nn.Dense(4, 4) for _ in range(depth[0])])


def build(name, **options):
    if name in FUNCTIONS:
        return FUNCTIONS[name](**options)
    return CLASSES[name](**options)


net = build("Large", depth=(3,))
optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
