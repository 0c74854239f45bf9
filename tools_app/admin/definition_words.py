"""What the fields of endpoints and servers mean, in plain words."""

SECTIONS = {
    "What the model is told": [
        "function",
        "description",
        "parameters",
        "secret_parameters",
    ],
    "Request": ["method", "url", "headers", "query", "body"],
    "Answer": [
        "response",
        "pick",
        "timeout_seconds",
        "retries",
        "is_side_effect",
        "is_cacheable",
    ],
}
LABELS = {
    "description": "What it does",
    "pick": "Pick",
    "is_side_effect": "Changes something",
    "is_cacheable": "Remember answers",
    "timeout_seconds": "Patience",
    "query": "Query parameters",
}
HELP = {
    "function": "What the model calls it, such as find_order: letters, digits and _.",
    "description": "The model decides by these words when to call it.",
    "parameters": "What the model must fill in, as a JSON Schema. For example: "
    "{&quot;type&quot;: &quot;object&quot;, &quot;properties&quot;: {&quot;city&quot;: "
    "{&quot;type&quot;: &quot;string&quot;, &quot;description&quot;: &quot;Which "
    "city&quot;}}, &quot;required&quot;: [&quot;city&quot;]}",
    "secret_parameters": "Names of parameters that are never written down, such as a "
    "PIN. One a line.",
    "url": "Begins with https://. In the path {city} stands for the parameter city.",
    "headers": "One a line, as in Accept: application/json. {city} stands for the "
    "parameter city. Secrets have boxes of their own.",
    "query": "One a line, as in city: {city}. What was not given is left out.",
    "body": "JSON to send; &quot;{city}&quot; stands for a parameter. Not for GET.",
    "response": "What the endpoint answers with.",
    "pick": "The part of a JSON answer that the model is given, as "
    "<a class='tool-link' href='https://jmespath.org' rel='noreferrer'>JMESPath</a>: "
    "orders[0].status. Blank gives it all.",
    "timeout_seconds": "Seconds to wait for the answer, all tries together.",
    "retries": "How often a request that did no harm is sent again; never one that is "
    "marked as changing something.",
    "is_side_effect": "The same request then runs only once in a call. Not set: all "
    "but GET change something.",
    "is_cacheable": "The same question is asked once in a call.",
}
HELP_OF = {
    "McpDefinition": {
        "url": "Where the server speaks streamable HTTP, such as "
        "https://mcp.example.com/mcp. In the path {name} stands for a secret.",
        "headers": "One a line, as in Accept-Language: en. Secrets have boxes of their "
        "own.",
        "timeout_seconds": "Seconds to wait for one call, with connecting.",
    }
}
