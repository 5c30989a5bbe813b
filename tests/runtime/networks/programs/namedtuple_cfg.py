from mindspore import nn

from collections import namedtuple
from dataclasses import dataclass

Cfg = namedtuple("Cfg", ["dim", "norm"])


@dataclass
class Options:
    depth: int = 2
    bias: bool = False


class Net(nn.Cell):
    def __init__(self, cfg, options):
        super().__init__()
        self.layers = nn.CellList([nn.Dense(cfg.dim, cfg.dim, has_bias=options.bias) for _ in range(options.depth)])
        if cfg.norm:
            self.norm = nn.LayerNorm((cfg.dim,))


net = Net(Cfg(4, True), Options(depth=3))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
