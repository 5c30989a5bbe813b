from mindspore import nn


def double(inp, out):
    return nn.SequentialCell(
        nn.Conv2d(inp, out, 3), nn.BatchNorm2d(out), nn.ReLU(), nn.Conv2d(out, out, 3), nn.BatchNorm2d(out), nn.ReLU()
    )


class Down(nn.Cell):
    def __init__(self, inp, out):
        super().__init__()
        self.pool = nn.MaxPool2d(2)
        self.conv = double(inp, out)


class Up(nn.Cell):
    def __init__(self, inp, out, bilinear):
        super().__init__()
        if bilinear:
            self.up = nn.Upsample(scale_factor=2.0, recompute_scale_factor=True)
        else:
            self.up = nn.Conv2dTranspose(inp // 2, inp // 2, 2, stride=2)
        self.conv = double(inp, out)


class UNet(nn.Cell):
    def __init__(self, channels, classes, bilinear=False):
        super().__init__()
        self.inc = double(channels, 4)
        widths = [4, 8, 16]
        self.downs = nn.CellList([Down(a, b) for a, b in zip(widths[:-1], widths[1:])])
        self.ups = nn.CellList([Up(b, a, bilinear) for a, b in reversed(list(zip(widths[:-1], widths[1:])))])
        self.outc = nn.Conv2d(4, classes, 1)


net = UNet(3, 2)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
