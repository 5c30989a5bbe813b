from mindspore import nn
from mindspore.common.initializer import initializer


class InvertedResidual(nn.Cell):
    def __init__(self, inp, oup, stride, expand_ratio):
        super().__init__()
        hidden = int(round(inp * expand_ratio))
        self.use_res = stride == 1 and inp == oup
        layers = []
        if expand_ratio != 1:
            layers += [nn.Conv2d(inp, hidden, 1), nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers.extend(
            [
                nn.Conv2d(hidden, hidden, 3, stride, group=hidden, pad_mode="pad", padding=1),
                nn.BatchNorm2d(hidden),
                nn.ReLU6(),
                nn.Conv2d(hidden, oup, 1),
                nn.BatchNorm2d(oup),
            ]
        )
        self.conv = nn.SequentialCell(layers)


def _make_divisible(v, divisor, min_value=None):
    if min_value is None:
        min_value = divisor
    new_v = max(min_value, int(v + divisor / 2) // divisor * divisor)
    if new_v < 0.9 * v:
        new_v += divisor
    return new_v


class MobileNet(nn.Cell):
    def __init__(self, width_mult=0.5, settings=None):
        super().__init__()
        if settings is None:
            settings = [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 2, 2]]
        channel = _make_divisible(32 * width_mult, 8)
        features = [nn.Conv2d(3, channel, 3, 2)]
        for t, c, n, s in settings:
            out = _make_divisible(c * width_mult, 8)
            for i in range(n):
                stride = s if i == 0 else 1
                features.append(InvertedResidual(channel, out, stride, expand_ratio=t))
                channel = out
        self.features = nn.SequentialCell(features)
        self.classifier = nn.Dense(channel, 10)
        self._init()

    def _init(self):
        for _, m in self.cells_and_names():
            if isinstance(m, nn.Conv2d):
                m.weight.set_data(initializer("normal", m.weight.shape, m.weight.dtype))
                if m.bias is not None:
                    m.bias.set_data(initializer("zeros", m.bias.shape))


net = MobileNet()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
