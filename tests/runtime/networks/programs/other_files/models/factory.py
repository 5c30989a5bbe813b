from mindspore import nn
from .blocks import Block, make
from . import blocks


class Net(nn.Cell):
    def __init__(self, depth):
        super().__init__()
        self.stem = make(3)
        self.body = nn.SequentialCell([Block(i + 1) for i in range(depth)])
        self.tail = blocks.Block(2)


def build(name, **kwargs):
    classes = {"net": Net}
    return classes[name](**kwargs)
